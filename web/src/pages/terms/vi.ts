import type { Texts } from './version';

export const vi: Texts = {
  terms: [
    {
      title: 'Smart Cooking là gì',
      paragraphs: [
        'Smart Cooking gợi ý những món bạn có thể nấu từ nguyên liệu sẵn có trong nhà. Dịch vụ miễn phí. Bạn có thể ghi tủ bếp, lên thực đơn, lập danh sách đi chợ, nấu theo từng bước, đánh giá món ăn và chia sẻ với mọi người.',
        'Dịch vụ được cung cấp như hiện có. Dịch vụ có thể bị gián đoạn và món ăn có thể không như ý. Trong phạm vi pháp luật cho phép, không ai phải chịu trách nhiệm về điều đó; trách nhiệm do cố ý hoặc gây hại đến tính mạng, sức khỏe vẫn theo quy định của pháp luật.',
      ],
    },
    {
      title: 'Tài khoản của bạn',
      paragraphs: [
        'Bạn phải từ 13 tuổi trở lên. Tài khoản chỉ dành cho riêng bạn: hãy giữ kín mật khẩu và không mạo danh người khác.',
        'Bạn có thể xóa tài khoản bất cứ lúc nào trong mục “Dữ liệu của bạn”.',
      ],
    },
    {
      title: 'Dị ứng và sức khỏe',
      paragraphs: [
        'Chúng tôi đối chiếu mọi gợi ý với các dị ứng và chế độ ăn bạn đã khai, kể cả thành phần nằm trong nguyên liệu khác, chẳng hạn cá trong nước mắm. Nếu bạn có dị ứng, công thức có nguyên liệu chúng tôi không biết sẽ không được gợi ý.',
        'Điều đó không thay cho việc bạn tự kiểm tra. Sản phẩm của mỗi nhà sản xuất mỗi khác, và người viết công thức có thể nhầm. Hãy đọc nhãn. Nếu dị ứng có thể gây nguy hiểm cho bạn, hãy kiểm tra từng nguyên liệu trước khi nấu.',
        'Công thức do AI viết hoặc được ghép theo quy tắc đều có ghi rõ. Nguyên liệu của chúng được kiểm tra như mọi công thức khác, nhưng chưa ai nấu thử. Không nội dung nào ở đây là lời khuyên y tế.',
      ],
    },
    {
      title: 'Những gì bạn viết và chia sẻ',
      paragraphs: [
        'Công thức, bài viết, bình luận và ảnh vẫn là của bạn. Bạn cho phép chúng tôi lưu trữ, đổi kích thước ảnh và hiển thị cho những người bạn đã chọn.',
        'Công thức của bạn lúc đầu là riêng tư. Khi được đánh giá tốt hoặc được người kiểm duyệt chấp thuận, công thức vào kho chung: ai cũng đọc được, kể cả công cụ tìm kiếm. Nếu bạn sửa một công thức đã duyệt, bản mới chờ kiểm duyệt, còn bản đã duyệt vẫn được hiển thị.',
        'Chỉ chia sẻ những gì bạn có quyền chia sẻ. Với công thức lấy từ nơi khác, bạn phải xác nhận mình có quyền đó thì công thức mới có thể công khai.',
      ],
    },
    {
      title: 'Những điều không được làm',
      paragraphs: [
        'Không spam, quấy rối, thù ghét, bạo lực, khỏa thân, thông tin sai hoặc hướng dẫn nấu nướng, ăn uống gây nguy hiểm. Không sao chép thứ thuộc về người khác. Không tìm cách làm quá tải dịch vụ hoặc lấy dữ liệu của người khác. Không báo cáo điều bạn biết là sai.',
      ],
    },
    {
      title: 'Kiểm duyệt',
      paragraphs: [
        'Ai cũng có thể báo cáo bài viết, bình luận, công thức hoặc người dùng. Nội dung bị ba người báo cáo sẽ bị ẩn cho đến khi người kiểm duyệt xem xét. Người vi phạm có thể bị tạm khóa một thời gian: vẫn đọc được nhưng không viết được.',
        'Bạn được thông báo về các quyết định liên quan đến nội dung của mình. Với mỗi quyết định, bạn được yêu cầu xem lại một lần; một người kiểm duyệt khác sẽ trả lời.',
      ],
    },
    {
      title: 'Khi điều khoản thay đổi',
      paragraphs: [
        'Mỗi phiên bản đều ghi ngày. Khi có phiên bản khác, chúng tôi mời bạn đọc và đồng ý vào lần tới bạn mở Smart Cooking. Bản sao dữ liệu của bạn cho biết bạn đã đồng ý những phiên bản nào.',
      ],
    },
  ],
  privacy: [
    {
      title: 'Chúng tôi lưu gì về bạn',
      paragraphs: [
        'Những gì bạn khai khi đăng ký: tên đăng nhập, họ tên và địa chỉ e-mail. Mật khẩu được lưu ở dạng không thể đọc lại.',
        'Những gì bạn tự thêm: ảnh, vài lời giới thiệu, ngày sinh, giới tính, quốc gia, cách nấu và số người ăn. Dị ứng, chế độ ăn và mục tiêu sức khỏe cho biết đôi điều về sức khỏe của bạn. Bạn tự nguyện khai, chúng tôi chỉ dùng để gợi ý món phù hợp, và bạn có thể xóa bất cứ lúc nào.',
        'Những gì bạn làm ở đây: tủ bếp, công thức, thực đơn, danh sách, gia đình, món bạn hỏi và đã nấu, ghi chú, đánh giá, bài viết, bình luận, bày tỏ cảm xúc, bạn bè, người bạn chặn, báo cáo và thông báo.',
        'Nhật ký kỹ thuật: yêu cầu nào đến từ địa chỉ mạng nào vào lúc nào, để tìm lỗi và ngăn lạm dụng.',
      ],
    },
    {
      title: 'Chúng tôi dùng để làm gì',
      paragraphs: [
        'Chúng tôi dùng dữ liệu để phục vụ bạn, giữ an toàn cho dịch vụ và thống kê việc sử dụng. Không quảng cáo, không cho bên khác theo dõi, không bán dữ liệu.',
        'Chúng tôi gửi e-mail về tài khoản, lời mời kết bạn và công thức được duyệt. Bạn chọn loại muốn nhận trong phần cài đặt.',
      ],
    },
    {
      title: 'Ai nhìn thấy',
      paragraphs: [
        'Người khác thấy những gì cài đặt riêng tư của bạn và phạm vi của từng bài viết cho phép. Ban đầu, trang cá nhân là công khai, sở thích dành cho bạn bè, còn e-mail, ngày sinh và món đã nấu chỉ mình bạn thấy. Ghi chú luôn chỉ mình bạn thấy.',
        'Các thành viên trong gia đình dùng chung tủ bếp, thực đơn và danh sách đi chợ. Món ăn của gia đình tránh những thứ bạn dị ứng, trừ khi bạn tắt đi; các thành viên chỉ thấy dị ứng của bạn khi bạn cho phép.',
        'Người kiểm duyệt thấy những gì bị báo cáo hoặc đang chờ duyệt. Quyết định của họ được ghi lại cùng lý do.',
        'Khi kho công thức không có món phù hợp, một mô hình AI có thể viết món mới. Mô hình nhận tên nguyên liệu trong danh mục của chúng tôi và, nếu bạn đã khai, khoảng tuổi, giới tính, quốc gia, dị ứng, chế độ ăn, mục tiêu sức khỏe, số người ăn và sở thích nấu nướng. Mô hình không bao giờ nhận tên, tên đăng nhập, e-mail, ngày sinh hay bất cứ điều gì do bạn tự viết.',
      ],
    },
    {
      title: 'Lưu ở đâu',
      paragraphs: [
        'Tài khoản, dữ liệu và ảnh do Amazon Web Services lưu giữ: tại Singapore, bản sao lưu tại Nhật Bản. Mô hình AI cũng chạy ở đó và có thể trả lời từ nước khác.',
        'Trong trình duyệt, chúng tôi lưu một cookie để bạn không phải đăng nhập lại; trên thiết bị có ngôn ngữ, bản nháp và các trang dùng được khi không có mạng. Đăng xuất sẽ xóa những gì thuộc về bạn.',
      ],
    },
    {
      title: 'Lưu bao lâu',
      paragraphs: [
        'Thông báo, lần nhập công thức và tác vụ nền được xóa sau 30 ngày; bản sao dữ liệu bạn đã chuẩn bị được xóa sau một ngày. Nhật ký kỹ thuật được xóa muộn nhất sau một năm. Phần còn lại được giữ đến khi bạn xóa hoặc xóa tài khoản.',
        'Khi bạn xóa tài khoản, bạn bị đăng xuất ở mọi nơi. Sau bảy ngày, hoặc ngay lập tức nếu bạn muốn, mọi thứ về bạn bị xóa. Đánh giá và công thức trong kho chung được giữ lại nhưng không còn tên bạn. Sổ kiểm duyệt chỉ giữ một mã số từng đại diện cho bạn. Bản sao lưu biến mất muộn nhất sau bảy tuần.',
      ],
    },
    {
      title: 'Quyền của bạn',
      paragraphs: [
        'Bạn có thể xem và sửa dữ liệu trong phần cài đặt, tải bản sao của mọi thứ, mang theo công thức của mình và xóa tài khoản mà không cần hỏi chúng tôi. Bạn cũng có thể khiếu nại với cơ quan bảo vệ dữ liệu ở nước mình.',
      ],
    },
  ],
};
